"""What each notebook shows, one property a section: the frames of a report turned into sentences, tables and charts."""
