"""What tests make and measure with: small datasets, hostile files, gold, pages, a browser, tasks for workers."""
