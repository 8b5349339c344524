"""Files in: bytes are read, each row is judged, the good ones go in and the others are listed.

    decoding   bytes to text, or words why not
    tables     text to rows with their line numbers
    formats    which preset reads this header
    presets/   what each cart calls the columns we know
    canonical  a row's cells to an OrderRow or a CustomerRow, or the reason it is left out

Nothing above knows the database. An import mails nobody.
"""
