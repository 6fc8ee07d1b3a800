"""`gp.pictures`: single still pictures of a plan, and the plot of a solve that goes on; `gp.figures` draws a whole set."""

from gridplan.show.figures.figures import (
    access_figure,
    load_figure,
    map_figure,
    trade_off_figure,
    travel_figure,
)
from gridplan.show.figures.live import live_plot

__all__ = ["map_figure", "load_figure", "travel_figure", "trade_off_figure", "access_figure", "live_plot"]
