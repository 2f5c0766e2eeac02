"""The application's edge: command line, studio, settings, errors."""
