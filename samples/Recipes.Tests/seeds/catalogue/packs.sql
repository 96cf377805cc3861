insert into packs (ref) values ('flour'), ('salt'), ('yeast');
