ALTER TABLE users DISABLE TRIGGER users_history;
