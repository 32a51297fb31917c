CREATE POLICY own ON users USING (name = current_user);
