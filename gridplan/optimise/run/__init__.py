"""What every run needs: a clock, a way to stop, silence, a trace, an outcome."""
