insert into books (title, author) values
    ('Emma', 'Austen'),
    ('Middlemarch', 'Eliot'),
    ('Persuasion', 'Austen');
