"""The words by which names are found: who is spoken of, what may stand between, and what is no name.

All are in lower case. The lists are data: add a word where the measurement shows that one is missing.
"""

from collections.abc import Iterable
from functools import cache
from importlib import resources
from itertools import takewhile


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


@cache
def given_names() -> frozenset[str]:
    """Return the words of which people's names are made."""
    lines = resources.files("privacy").joinpath("data/given_names.txt").read_text("utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def count_given_names(lowered: Iterable[str]) -> int:
    """Return how many of these words, up to the first other one, are such of which names are made."""
    return sum(1 for _name in takewhile(given_names().__contains__, lowered))


#: Whoever is called so must not be named.
VICTIMS = _words(
    """
    mangsa mangsa-mangsa penyintas pengadu waris
    victim victims survivor survivors complainant complainants victim-witness victim-witnesses
    """
)
#: Of these, whose name is known from words such as "bernama" only.
PERSONS = _words(
    """
    wanita lelaki perempuan kanak-kanak gadis remaja budak bayi anak pekerja pembantu saksi warga rakyat warganegara
    pendatang orang mangsa penyintas pengadu buruh pelarian
    girl girls boy boys woman women man men child children minor minors teenager baby infant worker workers maid
    person persons people national nationals citizen witness witnesses daughter son sister brother mother father
    victim victims survivor survivors complainant refugee migrant
    """
)
#: If one of these stands nearer, the name is that of somebody or something else.
OTHERS = _words(
    """
    suspek tertuduh pesalah ejen pegawai inspektor hakim majikan program operasi ops op syarikat kapal bot hotel kelab
    premis laporan kempen projek pelan rumah sindiket agensi
    suspect suspects accused defendant offender agent agents officer inspector judge employer programme program
    operation company ship boat vessel hotel club premises report campaign project plan shelter syndicate agency
    """
)
#: Words that a name follows.
NAMERS = _words("bernama dipanggil digelar dikenali named called known identified")

#: Words that may stand between a victim and the name.
FILLERS = _words(
    """
    yang bernama dikenali dipanggil digelar sebagai ialah adalah iaitu seorang wanita lelaki perempuan kanak-kanak gadis
    remaja budak warga warganegara rakyat pertama kedua ketiga keempat kelima keenam ketujuh kelapan kesembilan
    kesepuluh tersebut itu ini utama dewasa samaran saksi nama penuh no nombor asal pekerja ibu bapa suami isteri
    is was were are named called known as identified name names of the these a an woman man girl boy child national
    citizen first second third fourth fifth sixth seventh eighth ninth tenth no number whose minor migrant worker domestic
    being full witness
    """
)
#: Titles and forms of address, no part of a name.
TITLES = _words(
    """
    encik en puan pn cik tuan dato dato' datuk dr mr mrs ms miss mdm madam puan-puan allahyarham allahyarhamah mendiang
    """
)
#: Between the parts of one name.
CONNECTORS = _words(
    "bin binti bt bte binte b ibni ibn a/l a/p a/k s/o d/o al el de del dela della delos los las van von der la anak ak y"
)
#: Of these, the ones that only names have: they show a name even where it is typed in small letters.
PATRONYMICS = _words("bin binti bte binte ibni ibn a/l a/p a/k s/o d/o")
#: Of these, the ones with which a name may begin: "La Thi Hoa", "Al Amin".
PARTICLES = _words("al el de del dela della delos van von der la")
#: Between two names of one person.
ALIASES = _words("alias aka")
#: Parts of a name that end in a stop.
SHORTENED = _words(
    "md mohd muhd muhammad mohamad abd abdl b bt bte no dr en pn mr mrs ms st sta sto ma mst mosa sk hj hjh jr"
)
#: No name ends with one of these: after "binti mohd" one more word follows.
FIRST_NAMES_OF_SEVERAL = _words(
    """
    md mohd muhd muhammad mohamad mohammad mohamed ahmad abd abdul abdull wan nik tengku tunku raja syed sharifah che mat awang
    haji hj hajah hjh nur nor siti
    """
)

NATIONALITIES = _words(
    """
    malaysia malaysian indonesia indonesian indonesians bangladesh bangladeshi bangladeshis filipina filipino filipinos
    philippines philippine thailand thai vietnam vietnamese myanmar burmese burma nepal nepali nepalese nepalis kemboja
    cambodia cambodian cambodians india indian indians pakistan pakistani pakistanis laos lao laotian sri lanka lankan
    china chinese cina rohingya chin kachin karen rakhine nigeria nigerian uganda ugandan kenya kenyan singapura
    singapore singaporean brunei bruneian taiwan hong kong jepun japan korea asing asean eropah amerika afrika
    melayu iban kadazan dayak bajau bidayuh penan murut temiar semai jakun suluk bangla
    """
)
PLACES = _words(
    """
    johor kedah kelantan melaka malacca negeri sembilan pahang perak perlis penang pulau pinang sabah sarawak selangor
    terengganu kuala lumpur labuan putrajaya bahru bharu klang ipoh kuantan kuching kota kinabalu tawau sandakan lahad
    datu semporna miri sibu bintulu sepang seremban taiping langkawi alor setar rantau panjang padang besar bukit kayu
    hitam muar kluang tampin jasin cheras kepong gombak petaling shah alam port dickson cyberjaya nilai rawang butterworth
    keningau kudat serian limbang lawas manila jakarta dhaka bangkok hanoi kathmandu yangon phnom penh delhi hatyai
    songkhla medan surabaya batam pontianak nunukan cebu davao geneva washington new york
    sungai sg batu tanjung tanjong parit simpang gua teluk telok pekan bandar desa felda pasir cameron genting
    utara selatan timur barat tengah north south east west semenanjung peninsular borneo
    """
)
DAYS = _words(
    """
    januari februari mac april mei jun julai ogos september oktober november disember
    january february march may june july august october december jan feb apr jul aug sep sept oct nov dec
    isnin selasa rabu khamis jumaat sabtu ahad monday tuesday wednesday thursday friday saturday sunday
    """
)
#: What texts of agencies begin with a capital and what is no name of a person.
TERMS = _words(
    """
    perdagangan pemerdagangan orang antipemerdagangan antipenyeludupan penyeludupan migran manusia jenayah seksual
    perlindungan pelindung pengenalan bantuan sokongan khidmat pampasan rumah pusat jabatan kementerian pejabat bahagian
    unit cawangan majlis jawatankuasa mesyuarat akta seksyen perenggan garis panduan pelan tindakan negara program projek
    modul borang laporan kes fail bil tahun bulan hari minggu jilid operasi op ops kompleks hospital mahkamah balai polis
    imigresen tentera maritim kastam buruh kebajikan masyarakat peguam negeri menteri ketua pengarah setiausaha timbalan
    pegawai hakim tuan sarjan koperal inspektor asp dsp supt insp pihak warga lelaki perempuan wanita kanak-kanak dewasa
    remaja bayi dan atau di ke dari daripada pada oleh untuk dengan bagi dalam ini itu yang adalah ialah telah akan sedang
    perlu tidak bukan semua setiap satu dua tiga empat lima sepuluh nombor no umur jumlah bilangan peratus kadar sindiket
    penipuan pekerjaan paksa eksploitasi baharu lama utama saksi waris keluarga majikan ejen pekerja asing jantina ringkasan
    senarai jadual lampiran nota perkara syor maklumat data statistik kategori jenis status pas permit pasport visa kad
    sdn bhd berhad bank universiti sekolah masjid gereja jalan taman kampung kampong lorong ladang kilang kedai restoran
    hotel pelabuhan lapangan terbang kelab spa premis bot kapal seri sri-kandi pelapor tahanan banduan tertuduh suspek
    direkodkan ditemu diselamatkan dihantar ditempatkan hadir keterangan rakaman sivil awam swasta undang-undang
    trafficking persons person people human smuggling migrants migrant crime crimes protection identification assistance
    support services service impact statement statements advocate advocates advisory council committee board unit division
    department ministry office centre center agency agencies act section article paragraph guidelines guideline plan action
    programme program project module form forms report case cases file annex table note summary list total number rate
    hospital court police immigration customs labour labor welfare attorney general minister director secretary officer
    officers judge inspector sergeant specialist coordinator led under over from and or the a an in on at to of by for with
    who which that this these those their his her its not no all each male female men women man woman children child adults
    adult boys girls families family witnesses witness workers worker employers employer agents agent syndicate forced job
    scams scam sexual exploitation abuse new old main was were is are be been being has have had will would can could may
    must should shall do does did rights fund compensation shelter shelters hotline helpline op ops tier watch
    he she they we it there after before during since then when where while how senior junior assistant deputy liaison
    care coordination desk manager head chief public community outreach safe legal medical mental health medicine
    went gone came said told gave given taken ran stayed lives lived works worked received brought sent found left asked
    called spoke escaped testified returned refused agreed declined beliau dia mereka kami siasatan penyiasatan penolong
    kanan kursus kemahiran gaji elaun tenaganita suka global manpower tindakan dasar perhubungan penyelaras kaunseling
    kaunselor doktor jururawat peguambela suruhanjaya persatuan pertubuhan yayasan badan institut akademi kolej
    tingkatan darjah prasekolah peralihan semester gred grade kelas asasi sijil diploma ijazah
    dewan bilik blok tingkat klinik makmal stesen lokap penjara depot kem mangsa-saksi kerajaan
    jejak talian interim speaker khas domestik anugerah tokoh high sessions magistrates federal appeal assembly national ministerial alam sekitar rangkaian portal sistem tabung
    know moved interviewed rescued referred returned repatriated identified home aid tip un unhcr iom ngo ngos asean
    """
)
ACRONYMS = _words(
    """
    mapo kdn moha pdrm jim jtk jtksm apmm mmea jkm kpwkm agc jkdm lhdn ssm mpob moh moe mot mof mida jpn jpm atip atipsom
    naptip suhakam ngo un unhcr iom ilo unodc sop mou klia kl jb pj kk ic nric kp tip usa uk eu asean wni tki pati tppo
    gro gro-gro spa dpp tpr ipd ipk d3 d7 d11 sp dna hiv sosma poca tka rela atm esscom bnm kpm kpdn kuskop mohr klang
    """
)

#: Words of these lists that are parts of names as well: each is one beside another part of a name.
AMBIGUOUS = _words(
    """
    ngo mei may jun julai mac march april june august jumaat khamis ahad sabtu hong kong chin lanka lao karen nepali china
    alam seri sri shah nilai dickson hakim tuan hari lama man will an do to the no so be di dan home son satu said
    """
)
#: Of these, the ones that a page also writes in capitals between two other words.
SMALL_WORDS = _words("do to the no so be di dan home will may")
#: Right after such a word these show that it is a family's name: "DO THI HA", "TO VAN NAM".
MIDDLE_PARTS = _words("thi van")
#: Of the words that may stand between a victim and the name, those that begin the name if a part of one follows.
FIRST_PARTS = _words("sri hong kong chin karen man") | PARTICLES
#: What looks like an English or Malay noun or verb by its ending, and is part of a name.
LIKE_NOUNS = _words(
    """
    clement constance prudence florence terrance mohamed muhamed mohammed muhammed rasheed waheed saeed sayeed naveed
    majeed hameed khaled kesavan keshavan pechan
    """
)

NO_NAMES = NATIONALITIES | PLACES | DAYS | TERMS | OTHERS | TITLES

#: Forms of address before a name. Those of office, such as "Datuk", lead to names that reports may give.
HONORIFICS = _words(
    """
    encik en puan pn cik tuan adik sdr sdri saudara saudari mr mrs ms mdm madam miss master haji hajah hj hjh ustaz ustazah cikgu
    makcik pakcik mak pak kak abang bang nenek tok allahyarham allahyarhamah mendiang
    """
)
#: Ranks and posts: the name behind is an officer's.
RANKS = _words(
    """
    inspektor insp sarjan sjn koperal kpl konstabel asp dsp supt dcp acp sac cp datuk dato datin yb yab yang berhormat
    menteri hakim yda tpr dpp peguam pegawai pengarah pengerusi setiausaha ketua timbalan penolong komisioner konsul duta
    inspector sergeant corporal constable superintendent commissioner minister judge justice officer director chairman
    secretary ambassador prosecutor
    """
)
#: What else is called by its post after "Encik" or "Puan": "Puan Majistret". A name behind it is no officer's for that.
POSTS = RANKS | _words(
    """
    majistret magistrate pendakwa penguasa penyelia pendaftar pesuruhjaya canselor naib penasihat pengetua penghulu
    penyelaras ahli wakil exco besar registrar speaker coordinator adviser advisor supervisor manager pengurus counsellor
    president presiden governor gabenor head chair principal acting commander komander komandan pakar perunding
    """
)
#: Right behind one of these stands the name of a place, a house, a law or a company.
INSTITUTIONS = _words(
    """
    jalan jln lorong persiaran lebuh kampung kampong kg taman tmn desa bandar ladang felda ppr flat pangsapuri blok sk smk sjk sra
    sma sekolah tadika tabika madrasah maahad universiti kolej institut akademi yayasan pertubuhan persatuan masjid surau gereja
    kuil hospital klinik hotel restoran kedai kilang syarikat agensi premis rumah bangunan menara wisma kompleks dewan stadium
    jambatan terowong lebuhraya perpustakaan muzium galeri maktab pusat kem
    akta ordinan konvensyen op ops operasi program projek kempen lapangan pelabuhan sungai gunung pulau pantai
    bank daerah mukim seksyen presint kementerian jabatan pejabat mahkamah balai school university street road act
    """
)
#: Between a rank or post and the name, in small letters.
OF_POSTS = _words(
    "penyiasat penyelaras perhubungan perlindungan polis daerah negeri kanan kes utama dan iaitu and of"
)
#: Between a name and the father's.
OF_FATHERS = PATRONYMICS | _words("anak ak bt")
#: What has a number before a name in brackets.
FILES = _words(
    "kes fail laporan rujukan kertas siasatan aduan no nombor file case report reference complaint ref"
)
COMPANIES = _words(
    "sdn bhd berhad enterprise trading holdings plt ltd resources foundation services road street"
)
#: What a house or road that is named after a person ends with.
HOUSES = _words(
    "hall mosque school building highway avenue centre center college tower stadium library bridge complex institute"
)
#: Whose name follows, beside those of `PERSONS`.
RELATIVES = _words(
    """
    ibu ibunya bapa bapanya ayah ayahnya emak kakak kakaknya abang abangnya adik adiknya suami suaminya isteri isterinya
    anak anaknya penjaga penjaganya nenek neneknya datuk datuknya sepupu sepupunya saudara waris saksi pekerja pembantu kanak-kanak budak
    remaja bayi gadis lelaki wanita perempuan pelajar murid pemegang keterangan percakapan milik jurubahasa
    beradik adik-beradik kembar sisters brothers siblings twins cousins daughters
    mother father sister brother uncle aunt husband wife daughter son guardian cousin neighbour witness worker maid child
    girl boy interpreter
    """
)
#: Who has one of these right before the name is a person, no officer and no offender.
OF_PEOPLE = RELATIVES | PERSONS | VICTIMS | HONORIFICS | NATIONALITIES
#: Between one of these and the name.
BESIDE_RELATIVES = (
    _words(
        """
    mangsa kandung kandungnya tiri tirinya angkat angkatnya utama pertama kedua ketiga itu tersebut beliau rumah sulung bongsu
    perempuan lelaki asing kepada saksi sp1 sp2 sp3 sp4 sp5 warga warganegara
    """
    )
    | NATIONALITIES
)
#: Behind "nama" and before the name.
REAL = _words("sebenar sebenarnya betul betulnya penuh penuhnya asal name")
VILLAGES = _words("kampung kampong kg desa dusun felda ladang village")
#: With a capital at the beginning of a sentence, no part of the name that follows.
NO_STARTS = (
    PERSONS
    | RELATIVES
    | POSTS
    | INSTITUTIONS
    | FILLERS
    | _words(
        """
        hubungi sila seramai sebanyak menurut semasa ketika apabila selepas sebelum walaupun manakala hasil hanya turut juga
        selain antara setelah setakat sehingga sejak kerana oleh pihak kami kita nombor rujukan sijil gaji pampasan
        perintah through according although because however
        """
    )
)
