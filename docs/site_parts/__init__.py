"""What the docs site is made of besides pages: executed notebooks, the reference, the gallery."""
