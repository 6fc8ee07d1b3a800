"""What every floor says: sentences in two languages, their HTML, domain words, findings, errors, progress."""
