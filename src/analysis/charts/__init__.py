"""One visual language: the theme, the sheet a chart is drawn on, and the charts, each a function from a frame."""
