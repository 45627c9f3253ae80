"""What each kind of file gives: its pages, sheets, words and rules."""
