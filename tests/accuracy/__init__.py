"""How right the audit is, measured on worlds whose failures are known.

``make accuracy`` audits a grid of worlds and writes ``docs/accuracy.md``; the tests here hold a
small part of the grid to the bars on every change.
"""
