"""The plan folder: what is written, how it is read again, what else lies in it, whether it is whole."""
