-- Its key is the book: who comes second does not get it.
create table loans (
    book_id bigint primary key references books,
    reader  text not null
);
