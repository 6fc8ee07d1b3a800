"""changes.docx: the table for the authority's report form."""
