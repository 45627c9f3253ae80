"""What a person does with the dataset by hand: open it, ask it, lay it out, look, never adding up wrongly."""
