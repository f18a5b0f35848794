"""The bundled demo shop, Plum & Kettle: data files only; it knows nothing of how they are imported."""
