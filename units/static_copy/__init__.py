"""An edition as files for any web server: each an answer of the site itself, at an address without `?`.

A copy holds what is of one edition. Whatever needs a server, or is of all editions, leads to the site itself.
"""
