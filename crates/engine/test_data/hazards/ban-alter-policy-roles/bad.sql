ALTER POLICY own ON users TO public;
