UPDATE users SET state = 'new';
