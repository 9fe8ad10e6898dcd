"""Whether the canonical solutions of a problem are one function: what each language makes of common inputs."""
