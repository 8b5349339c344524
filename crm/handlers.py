"""Where every kind of work finds its handler; imported once Django is ready."""
