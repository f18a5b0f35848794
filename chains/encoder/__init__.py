"""The bundled text encoder, opened: its weights file, its layers, texts read once for every task."""
