UPDATE users SET state = 'new';
ANALYZE users;
