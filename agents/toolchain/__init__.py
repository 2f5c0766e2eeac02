"""From a specification to a processor that is built, tested, measured and packaged."""
