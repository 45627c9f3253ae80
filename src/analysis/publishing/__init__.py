"""What we hand over: dataset, report parameters, executed notebooks, pages and the site."""
