"""The plays, a file for each stage: data, to be read and lengthened by anybody."""
