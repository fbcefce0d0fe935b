"""Departments, employees (the user model), teams, roles, preferences."""
