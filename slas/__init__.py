"""Promises: agreements, their clocks, the sweep, and the figures drawn from them."""
