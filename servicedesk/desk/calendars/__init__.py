"""The calendar editor: a lead says when the department works, and sees what that would move."""
