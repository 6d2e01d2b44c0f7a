"""Answers are kept: what is published changes seldom, so most of what is asked for has been answered before.

`stamp` is what all answers depend on besides their address, `answers` what is kept of one, `middleware` where
a request finds it, and what readers get while the database is gone.
"""
