"""What people type. Every problem is a sentence that says how to go on."""
