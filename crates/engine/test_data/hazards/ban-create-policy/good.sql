CREATE TABLE users (id bigint PRIMARY KEY, name text);
CREATE POLICY own ON users USING (name = current_user);
