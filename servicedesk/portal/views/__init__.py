"""The views, a module for each group of pages: fetch, form, action, answer."""
