"""What a picture says, found at once; what opens pictures is imported only where one is met."""

from analysis.recognising.picture import MISSING_LIBRARY, PagePicture, RecognisedPicture, has_libraries


def recognise_now(picture: PagePicture) -> RecognisedPicture | str:
    """What the picture says, found at once."""
    if not has_libraries():
        return MISSING_LIBRARY
    from analysis.extraction.formats.ocr.picture_reading import recognise_picture

    return recognise_picture(picture)
