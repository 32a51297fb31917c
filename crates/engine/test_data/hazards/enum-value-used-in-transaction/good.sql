ALTER TYPE mood ADD VALUE 'fine' AFTER 'ok';
UPDATE users SET mood = 'fine' WHERE id = 1;
