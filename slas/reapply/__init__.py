"""A changed calendar or agreement, applied to requests that are open already.

`rules` says what becomes of one request, without a database; `changes` finds which requests go by
what has changed; `preview` tells without writing; `runs` does it, in batches.
"""
