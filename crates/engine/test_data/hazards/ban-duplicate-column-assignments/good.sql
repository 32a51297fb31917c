UPDATE users SET state = 'a' WHERE id = 1;
