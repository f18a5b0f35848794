"""The guard: what may leave. Channel limits and advertising words; claims, voice and personal data have room here."""
