"""The same processors in Faust: source, compiler, bench and checks."""
