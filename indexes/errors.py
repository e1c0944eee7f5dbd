"""The base of all errors that people can mend."""


class VitrineError(Exception):
    """Something that whoever runs Vitrine can mend: the sentence says what, and what to do.

    The command line says it in place of a traceback. What a module raises for another that catches it is none of these.
    """
