"""Pages for administrators: organisation, departments, people and roles, directory, audit."""
