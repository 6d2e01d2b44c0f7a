"""An edition as files that any web server can hand out: each an answer of the site, at an address without `?`.

A copy holds what is of one edition. Whatever needs a server, or is of all editions, leads to the site itself.
"""
