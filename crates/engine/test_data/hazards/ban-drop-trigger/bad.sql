DROP TRIGGER users_history ON users;
