"""Training data, clean-up, LoRA training, evaluation and promotion of the model's adapter."""
