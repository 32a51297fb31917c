GRANT ALL ON users TO reporting;
