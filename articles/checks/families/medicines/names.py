"""
Common medicines by their international nonproprietary names, in small letters.

A short list on purpose: a rule that looks for a dose beside a name must not take an ordinary word for one. The names
are those of the WHO Model List of Essential Medicines, 23rd list, and of other medicines that are prescribed every day.
"""

import re

NAMES = frozenset(
    """
    abacavir acetaminophen acetazolamide aciclovir acyclovir adrenaline albendazole albuterol alendronate allopurinol
    alprazolam alteplase amikacin amiodarone amitriptyline amlodipine amoxicillin amphotericin ampicillin anastrozole
    apixaban aripiprazole artemether asparaginase aspirin atenolol atorvastatin atropine azathioprine azithromycin
    baclofen beclometasone benzylpenicillin bisoprolol bleomycin budesonide bupivacaine buprenorphine bupropion
    calcitriol captopril carbamazepine carbimazole carboplatin carvedilol cefalexin cefazolin cefixime cefotaxime
    ceftazidime ceftriaxone cefuroxime cephalexin cetirizine chloramphenicol chloroquine chlorpromazine ciclosporin
    ciprofloxacin cisplatin citalopram clarithromycin clindamycin clobazam clonazepam clonidine clopidogrel
    clotrimazole clozapine codeine colchicine cyclophosphamide cyclosporine cytarabine dabigatran dapsone daunorubicin
    desmopressin dexamethasone diazepam diclofenac digoxin diltiazem diphenhydramine docetaxel domperidone donepezil
    doxazosin doxorubicin doxycycline duloxetine edoxaban efavirenz empagliflozin enalapril enoxaparin epinephrine
    ergometrine erythromycin escitalopram esomeprazole estradiol etanercept ethambutol etoposide ezetimibe famotidine
    fentanyl finasteride flecainide fluconazole flucloxacillin fludrocortisone fluorouracil fluoxetine fluticasone
    formoterol fosfomycin furosemide gabapentin gentamicin glibenclamide gliclazide glipizide glucagon glyburide
    haloperidol heparin hydralazine hydrochlorothiazide hydrocortisone hydromorphone hydroxychloroquine hydroxyurea
    ibuprofen imatinib imipramine indapamide indometacin indomethacin infliximab insulin ipratropium irinotecan
    isoniazid isosorbide itraconazole ivermectin ketamine ketoconazole ketoprofen labetalol lactulose lamivudine
    lamotrigine lansoprazole letrozole leucovorin levetiracetam levocetirizine levodopa levofloxacin levonorgestrel
    levothyroxine lidocaine linezolid liraglutide lisinopril lithium loperamide loratadine lorazepam losartan
    magnesium mebendazole mefloquine melatonin memantine meropenem mesalazine metformin methadone methotrexate
    methyldopa methylphenidate methylprednisolone metoclopramide metolazone metoprolol metronidazole miconazole
    midazolam mifepristone minocycline mirtazapine misoprostol montelukast morphine moxifloxacin mycophenolate
    naloxone naltrexone naproxen nevirapine nifedipine nitrofurantoin nitroglycerin norethisterone nortriptyline
    nystatin ofloxacin olanzapine omeprazole ondansetron oseltamivir oxaliplatin oxybutynin oxycodone oxytocin
    paclitaxel pantoprazole paracetamol paroxetine penicillamine penicillin phenobarbital phenytoin pioglitazone
    piperacillin prazosin praziquantel prednisolone prednisone pregabalin primaquine prochlorperazine promethazine
    propofol propranolol propylthiouracil pyrazinamide pyridostigmine quetiapine quinine rabeprazole ramipril
    ranitidine rifampicin rifampin rifaximin riluzole risperidone ritonavir rivaroxaban rivastigmine rizatriptan
    rosuvastatin salbutamol salmeterol semaglutide sertraline sildenafil simvastatin sitagliptin spironolactone
    streptomycin sulfadiazine sulfasalazine sumatriptan tacrolimus tadalafil tamoxifen tamsulosin telmisartan
    temazepam tenofovir terbinafine testosterone tetracycline theophylline thiamine ticagrelor timolol tiotropium
    topiramate tramadol trazodone trimethoprim ustekinumab valaciclovir valacyclovir valproate valsartan vancomycin
    venlafaxine verapamil vincristine voriconazole warfarin zidovudine zolpidem zopiclone
    """.split()  # noqa: SIM905 (a list of words reads better as text)
)
_WORD = re.compile(r"[A-Za-z]{5,}")


def names_in(text: str) -> list[tuple[str, int, int]]:
    """Return each medicine that the text names, in small letters, with its start and end."""
    found = ((word[0].lower(), *word.span()) for word in _WORD.finditer(text))
    return [each for each in found if each[0] in NAMES]
