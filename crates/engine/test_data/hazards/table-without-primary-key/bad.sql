CREATE TABLE events (at timestamptz, what text);
