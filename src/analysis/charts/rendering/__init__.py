"""From the description of a chart to what is shown: svg and png by way of a canvas in points, and a plotly figure."""
