"""One judge per part of a programme, from the tables alone; nothing here comes from what makes a programme."""
