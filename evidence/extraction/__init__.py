"""Extract text from evidence files, in a process of its own that holds nothing worth stealing.

`evidence.text_extraction` (in the worker) starts `child` for one file; the libraries behind `readers` are imported there
and nowhere else. This package knows neither Django nor any other module but `evidence.sandbox`.
"""
