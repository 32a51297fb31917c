DELETE FROM users WHERE id = 7;
