"""Certificates: a proof of a plan that a short program checks, which shares nothing with gridplan."""
