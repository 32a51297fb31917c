UPDATE users SET state = 'a', state = 'b' WHERE id = 1;
