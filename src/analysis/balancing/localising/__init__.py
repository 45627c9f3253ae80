"""From a broken identity to the figure that is wrong and what should stand there."""
